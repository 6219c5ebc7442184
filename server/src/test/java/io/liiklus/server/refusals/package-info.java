/** Requests that break the contract, with the status and the words that refuse each. */
package io.liiklus.server.refusals;
