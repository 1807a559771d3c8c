import LedgerTestKit
import Testing

/// Faults with real processes and real sockets: what `taizhangd` and the replicas promise when something is killed,
/// destroyed, copied or hostile. Each test starts servers of its own.
@Suite(.onOwnThreads) struct FaultTests {}
