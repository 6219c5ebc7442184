/** Writes of positions to a server that has no order of its own for those of one gateway. */
package io.liiklus.storage.positions;
