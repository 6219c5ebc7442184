/**
 * Clients: publishers of numbered records, and groups of members that do what the README's client
 * algorithm says. All they do and see goes into the journal.
 */
package io.liiklus.faults.load;
