/** Real, independent sites of OpenStack Swift, and a client that sends exactly what it is told. */
@NullMarked
package io.cotidal.lab.swift;

import org.jspecify.annotations.NullMarked;
