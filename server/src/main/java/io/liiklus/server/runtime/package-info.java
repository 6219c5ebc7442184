/** The process's threads, the addresses that it listens on, and the rate at which it warns. */
package io.liiklus.server.runtime;
