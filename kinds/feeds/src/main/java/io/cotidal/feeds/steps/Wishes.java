package io.cotidal.feeds.steps;

import io.cotidal.feeds.geoserver.Wanted;
import io.cotidal.feeds.job.Blob;
import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.transfer.Cache;
import io.cotidal.feeds.transfer.TransferException;
import io.cotidal.model.MemberId;
import io.cotidal.remote.ActFailed;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a GeoServer shall have, as a job says it and with the files that were fetched for it. */
final class Wishes {
  private final Cache cache;
  private final Formerly formerly;

  Wishes(Cache cache, Formerly formerly) {
    this.cache = cache;
    this.formerly = formerly;
  }

  /** As it is told: with the passwords of stores, for a GeoServer shows none to compare. */
  Wanted told(MemberId server, Subject subject, Body body) throws ActFailed, InterruptedException {
    return of(server, subject, body, true);
  }

  /** As it is compared with what is there. */
  Wanted compared(MemberId server, Subject subject, Body body)
      throws ActFailed, InterruptedException {
    return of(server, subject, body, false);
  }

  private Wanted of(MemberId server, Subject subject, Body body, boolean renewed)
      throws ActFailed, InterruptedException {
    return switch (body) {
      case Body.Layer layer ->
          new Wanted.Layer(
              subject,
              layer,
              new Wanted.Table(layer.schemas().view(), subject.name(), ""),
              styles(layer.face().styles()));
      case Body.LiveLayer layer ->
          new Wanted.LiveLayer(subject, layer, styles(layer.face().styles()));
      case Body.WmsLayer layer -> new Wanted.WmsLayer(subject, layer);
      case Body.LiveStore store -> new Wanted.LiveStore(subject, store, renewed);
      case Body.WmsStore store -> new Wanted.WmsStore(subject, store, renewed);
      case Body.Group group -> new Wanted.Group(subject, group);
      case Body.Workspace workspace ->
          new Wanted.Workspace(
              subject,
              workspace.database() ? Optional.of(workspace.schemas().view()) : Optional.empty(),
              false);
      case Body.Rules rules -> new Wanted.Rules(subject, rules, formerly.of(server, subject));
      case Body.Roles _ -> throw new ActFailed(subject + ": roles are the database's");
    };
  }

  private SortedMap<String, Path> styles(SortedMap<String, Blob> blobs)
      throws ActFailed, InterruptedException {
    SortedMap<String, Path> files = new TreeMap<>();
    for (Map.Entry<String, Blob> style : blobs.entrySet()) {
      try {
        files.put(
            style.getKey(),
            cache
                .find(style.getValue())
                .orElseThrow(() ->
                    new ActFailed(
                        "style "
                            + style.getKey()
                            + ": "
                            + style.getValue()
                            + " is not here any more")));
      } catch (TransferException e) {
        throw ActFailed.because(e);
      }
    }
    return files;
  }
}
