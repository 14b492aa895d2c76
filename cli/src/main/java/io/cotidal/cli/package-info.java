/**
 * The command line: finds the command that the arguments name, runs it, and turns what became of it
 * into an exit code.
 *
 * <p>Holds no logic of a kind: the commands of a kind follow from its {@link
 * io.cotidal.model.Action} records.
 */
@NullMarked
package io.cotidal.cli;

import org.jspecify.annotations.NullMarked;
