package io.cotidal.feeds.repository;

import io.cotidal.feeds.spec.FeedsSpec;
import java.nio.file.Path;

/**
 * A state repository, and with what it is worked on.
 *
 * @param what the clone, where it is pulled from and which branch
 * @param ssh the program that the tool runs in the place of {@code ssh}
 * @param scratch a folder for what lies there for a moment; made if it is not there
 */
public record Place(FeedsSpec.Repository what, Path ssh, Path scratch) {}
