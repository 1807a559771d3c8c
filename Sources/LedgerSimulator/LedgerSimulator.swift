/// # LedgerSimulator
///
/// One seed drives a server, a township of clients, and the network, disks and clocks between and under them, over virtual
/// time and in one thread; the rules, machines and stores are the production ones. Checks that know none of that code say
/// whether anything was lost, doubled, shown to the wrong seat or left undone. It may import every rule and every store, and
/// none of the sockets and threads over them; nothing that ships imports it. See docs/simulator.md.
