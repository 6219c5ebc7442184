/** What is put into a plugin of the gateway that is measured. Knows the gateway's ports alone. */
package io.liiklus.bench.plugin;
