/**
 * What the operator wrote, as one typed record: from flags, environment and a YAML file, checked as
 * a whole, with every fault reported at once.
 *
 * <p>Each kind has a {@link io.cotidal.app.config.KindSection} and the record that it comes to; all
 * else is of no kind. Parsing is pure. Files are read by {@link
 * io.cotidal.app.config.ConfigurationReader} and {@link io.cotidal.app.config.SecretFiles} alone.
 * Depends on the model and on the kinds' specs.
 */
@NullMarked
package io.cotidal.app.config;

import org.jspecify.annotations.NullMarked;
