package io.cotidal.copies.database;

import io.cotidal.copies.imports.Dump;
import java.nio.charset.Charset;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * A dump to be loaded.
 *
 * @param dump what to load
 * @param user the account that will own the data, without any right beyond its own database
 * @param charset of a text dump that does not say its own; empty for the engine's standard
 * @param progress told how many bytes of the dump's file have been read; may throw {@link
 *     java.util.concurrent.CancellationException} to end the load
 */
public record Load(Dump dump, User user, Optional<Charset> charset, LongConsumer progress) {}
