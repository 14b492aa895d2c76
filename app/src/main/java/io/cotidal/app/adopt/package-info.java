/**
 * {@code cot adopt}: configurations made of the files of the tools that came before. What those
 * files are, each kind's own room knows.
 */
@NullMarked
package io.cotidal.app.adopt;

import org.jspecify.annotations.NullMarked;
