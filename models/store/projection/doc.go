// Package projection derives what the desk asks (who is whom, which device, what to
// group, search and sort by) from the auth tokens. It follows them in the order of
// their changes, a batch in each transaction, which also moves the checkpoint: so
// nothing is lost or done twice, whenever the process ends. The result depends on
// the auth tokens alone, never on batches, interruptions or their order.
package projection
