/**
 * Runs engines: a mailbox and one thread a resource, timers, looks at members, acts, and the facade
 * that screens use. The only module that owns threads and reads clocks. Depends on the engine and
 * its ports; knows no kind, no protocol and no database.
 */
@NullMarked
package io.cotidal.runtime;

import org.jspecify.annotations.NullMarked;
