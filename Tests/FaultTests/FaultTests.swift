import Testing

/// Faults with real processes and real sockets: what `taizhangd` and the replicas promise when something is killed,
/// destroyed, copied or hostile. One after the other: each starts servers of its own.
@Suite(.serialized) struct FaultTests {}
