/**
 * Files from the master: over rsync and SSH with pinned keys, verified, kept by their content.
 *
 * <p>{@link io.cotidal.feeds.transfer.Transfer} brings them, {@link
 * io.cotidal.feeds.transfer.Cache} keeps them. Talks to other machines and to the disk; leans on
 * the rooms {@code job} and {@code spec} only.
 */
@NullMarked
package io.cotidal.feeds.transfer;

import org.jspecify.annotations.NullMarked;
