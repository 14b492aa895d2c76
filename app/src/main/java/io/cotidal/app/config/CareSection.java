package io.cotidal.app.config;

import static io.cotidal.app.config.Form.fit;
import static io.cotidal.app.config.Form.unfit;

import io.cotidal.postgres.spec.Archive;
import io.cotidal.postgres.spec.Care;
import io.cotidal.postgres.spec.CopyWay;
import io.cotidal.postgres.spec.Copying;
import io.cotidal.postgres.spec.DiskLimits;
import io.cotidal.postgres.spec.DiskLimits.Share;
import io.cotidal.postgres.spec.LossKeeping;
import io.cotidal.postgres.spec.SlotLimits;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what becomes of a cluster's write-ahead log and disks: limits, and the archive. */
final class CareSection {
  private static final String ARCHIVE = "archive";
  private static final Pattern PERCENT = Pattern.compile("([0-9]|[1-8][0-9]|90)%");

  /** What an archive sets itself. */
  private static final Set<String> OWNED =
      Set.of("archive_mode", "archive_command", "archive_library");

  private final Section cluster;

  CareSection(Section cluster) {
    this.cluster = cluster;
  }

  /**
   * What is written; what is wrong with it is reported.
   *
   * @param settings the server parameters of the cluster
   */
  Care read(Map<String, String> settings) {
    SlotLimits slots = slots();
    Optional<Archive> archive = cluster.section(ARCHIVE).flatMap(ArchiveSection::archive);
    if (archive.isPresent()) {
      for (String name : settings.keySet()) {
        if (OWNED.contains(name)) {
          cluster.problem("settings", "has " + name + ", which archive sets", "remove one of both");
        }
      }
    }
    Section copying = cluster.section("clone").orElseGet(() -> cluster.absent("clone"));
    long rate = copying.get("rate", Forms.bytes(), Value.standard(0L, "(none)"));
    CopyWay way =
        copying.get("way", Forms.word(CopyWay.class), Value.standard(CopyWay.AUTO, "auto"));
    copying.close();
    boolean kept = cluster.get("settings-care", Forms.flag(), Value.standard(true, "true"));
    Care care =
        new Care(slots, archive, new Copying(way, rate), disk()).settings(kept).with(losses());
    return ArchiveSection.restore(cluster, archive).map(care::from).orElse(care);
  }

  private SlotLimits slots() {
    Section slots = cluster.section("slots").orElseGet(() -> cluster.absent("slots"));
    SlotLimits standard = SlotLimits.DEFAULT;
    long warn = slots.get("warn", Forms.bytes(), Value.standard(standard.much(), "4GiB"));
    long critical =
        slots.get("critical", Forms.bytes(), Value.standard(standard.tooMuch(), "16GiB"));
    boolean logical = slots.get("logical", Forms.flag(), Value.standard(false, "false"));
    slots.close();
    if (warn <= 0 || critical < warn) {
      slots.problem(
          "critical", "is less than warn, or warn is nothing", "write warn, and critical above it");
    }
    return new SlotLimits(warn, critical, logical);
  }

  private LossKeeping losses() {
    Section losses = cluster.section("losses").orElseGet(() -> cluster.absent("losses"));
    LossKeeping standard = LossKeeping.DEFAULT;
    long bytes = losses.get("keep", Forms.bytes(), Value.standard(standard.bytes(), "1GiB"));
    int folders =
        losses.get("folders", Forms.whole(1, 1000), Value.standard(standard.folders(), "10"));
    losses.close();
    return new LossKeeping(bytes, folders);
  }

  private DiskLimits disk() {
    Section disk = cluster.section("disk").orElseGet(() -> cluster.absent("disk"));
    DiskLimits standard = DiskLimits.DEFAULT;
    Share warn = disk.get("warn", share(), Value.standard(standard.warn(), "10%"));
    Share critical = disk.get("critical", share(), Value.standard(standard.critical(), "3%"));
    disk.close();
    boolean sameWay = (warn.bytes() == 0) == (critical.bytes() == 0);
    if (sameWay && (warn.percent() < critical.percent() || warn.bytes() < critical.bytes())) {
      disk.problem("critical", "is more than warn", "write what is less");
    }
    return new DiskLimits(warn, critical);
  }

  private static Form<Share> share() {
    return text -> {
      Matcher percent = PERCENT.matcher(text);
      if (percent.matches()) {
        return fit(Share.percent(Integer.parseInt(percent.group(1))));
      }
      return switch (Forms.bytes().read(text)) {
        case Form.Read.Fit<Long> bytes -> fit(Share.bytes(bytes.value()));
        case Form.Read.Unfit<Long> _ ->
            unfit(
                Quote.of(text) + " is no part of a disk",
                "write for example 10% or 5GiB, at most 90%");
      };
    };
  }
}
