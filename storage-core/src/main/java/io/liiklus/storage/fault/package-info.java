/**
 * Faults that a storage meets again and again, and waits out: of the machine, or a refused login.
 */
package io.liiklus.storage.fault;
