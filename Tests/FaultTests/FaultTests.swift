import Testing

/// Faults with real processes and real sockets: what `taizhangd` and the replicas promise when something is killed,
/// destroyed, copied or hostile. Each test starts servers of its own; those that start hundreds of programs do so one after
/// the other, beside the rest.
@Suite struct FaultTests {}
