/** Tests of the configuration. */
@NullMarked
package io.cotidal.app.config;

import org.jspecify.annotations.NullMarked;
