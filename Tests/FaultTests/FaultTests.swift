import Testing

/// Faults with real processes and real sockets: what `taizhangd` and the replicas promise when something is killed,
/// destroyed, copied or hostile. Each test starts servers of its own. The sweeps, which start a program for each step of a
/// command, go one after the other, beside the rest.
@Suite struct FaultTests {}
