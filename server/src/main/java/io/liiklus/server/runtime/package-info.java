/** The threads of the process, and the rate at which it warns. */
package io.liiklus.server.runtime;
