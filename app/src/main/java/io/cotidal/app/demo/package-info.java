/**
 * {@code cot demo}: a real cluster, the daemon and its page on this machine, and what happens to
 * both when a member fails. The measurements use the same rig.
 */
@NullMarked
package io.cotidal.app.demo;

import org.jspecify.annotations.NullMarked;
