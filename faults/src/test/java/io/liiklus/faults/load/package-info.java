/**
 * Clients: publishers of numbered records, and groups of members that follow the algorithm of
 * docs/clients.md, or are those of the client library. The journal has all that they do and see.
 */
package io.liiklus.faults.load;
