/** Names of CloudEvents, which several parts of the gateway look for in the headers of records. */
package io.liiklus.server.event;
