/** The engine, tested from its contract with a kind whose operations each test scripts. */
@NullMarked
package io.cotidal.engine;

import org.jspecify.annotations.NullMarked;
