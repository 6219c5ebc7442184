/** Faults that a storage meets again and again: of the machine, a refused login, refused writes. */
package io.liiklus.storage.fault;
