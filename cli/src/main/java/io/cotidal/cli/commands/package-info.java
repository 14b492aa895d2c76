/**
 * The commands, one class each. A command is built only when it was asked for, so that starting
 * {@code cot} stays cheap.
 */
@NullMarked
package io.cotidal.cli.commands;

import org.jspecify.annotations.NullMarked;
