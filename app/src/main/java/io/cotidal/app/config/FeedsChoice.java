package io.cotidal.app.config;

import static io.cotidal.app.config.FeedsForms.flag;

import io.cotidal.feeds.filter.Filter;
import io.cotidal.feeds.spec.FeedsSpec;
import java.util.List;
import java.util.TreeSet;

/** Reads which jobs a replica takes. */
final class FeedsChoice {
  private static final String CHANNELS = "channels";

  /** The channel that the original listened to. */
  private static final String USUAL = "geoserver";

  private final Section section;

  FeedsChoice(Section section) {
    this.section = section;
  }

  FeedsSpec.Choice read() {
    List<String> channels = channels();
    Section filters = part("filters");
    Filter features = filter(filters, "features");
    Filter wms = filter(filters, "wms");
    Filter groups = filter(filters, "groups");
    filters.close();
    return new FeedsSpec.Choice(new TreeSet<>(channels), features, wms, groups, skips());
  }

  private List<String> channels() {
    return section.has(CHANNELS)
        ? section.words(CHANNELS, FeedsForms.channel())
        : List.of(section.get(CHANNELS, FeedsForms.channel(), Value.standard(USUAL, USUAL)));
  }

  private static Filter filter(Section filters, String key) {
    return filters.get(key, FeedsForms.filter(), Value.standard(Filter.ALL, Filter.ALL.text()));
  }

  private FeedsSpec.Skips skips() {
    Section skip = part("skip");
    FeedsSpec.Skips read =
        new FeedsSpec.Skips(
            flag(skip, "roles", false),
            flag(skip, "rules", false),
            flag(skip, "database", false),
            flag(skip, "geoserver", false));
    skip.close();
    return read;
  }

  private Section part(String key) {
    return section.section(key).orElseGet(() -> section.absent(key));
  }
}
