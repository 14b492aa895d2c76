package io.cotidal.feeds.job;

import io.cotidal.feeds.job.Bundle.Sheet;
import io.cotidal.feeds.job.Thing.Origin;
import io.cotidal.feeds.job.Thing.Wish;
import io.cotidal.model.Secret;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the files of one subject in one channel. */
final class JobReader {
  /** What metadata say nothing about, whoever wrote them. */
  private static final Set<String> JOB_ONLY =
      Set.of(
          "action",
          "data",
          "meta",
          "dump_path",
          "data_md5",
          "job_id",
          "job_batch_id",
          "publish_time");

  private final Subject subject;
  private final Bundle bundle;
  private final Sheet job;
  private final Documents documents;
  private final Map<String, Object> fields = new LinkedHashMap<>();
  private final List<Blob> missing = new ArrayList<>();

  private JobReader(Subject subject, Bundle bundle, Sheet job, Documents documents) {
    this.subject = subject;
    this.bundle = bundle;
    this.job = job;
    this.documents = documents;
  }

  /** What the bundle says of its subject; {@code job} is the job file in it. */
  static Thing read(Subject subject, Bundle bundle, Sheet job, Documents documents) {
    return new JobReader(subject, bundle, job, documents).thing();
  }

  private Thing thing() {
    Wish wish;
    try {
      wish = wish();
    } catch (BadJob e) {
      wish = new Wish.Refused(e.reason());
    }
    complete();
    return new Thing(
        subject, job.file().channel(), job.file().path(), wish, seen(fields), origin());
  }

  private Wish wish() throws BadJob {
    return switch (subject.sort()) {
      case RULES -> publish(RulesFile.read(job.place(), bounded()));
      case ROLES -> publish(RolesFile.read(job.place(), bounded()));
      case LAYER, WMS_STORE, WMS_LAYER, LIVE_STORE, LIVE_LAYER, GROUP, WORKSPACE -> document();
    };
  }

  private String bounded() throws BadJob {
    if (job.text().length() > Json.LARGEST) {
      throw new BadJob(job.place(), "is larger than " + Json.LARGEST + " characters; shorten it");
    }
    return job.text();
  }

  private Wish document() throws BadJob {
    fields.putAll(Json.read(job.place(), job.text()));
    Fields said = new Fields(job.place(), fields);
    String action = said.text("action", 64);
    if (action.equals("remove")) {
      return new Wish.Remove();
    }
    checkAction(said, action, "publish");
    metadata(said);
    Optional<Sheet> beside = bundle.sheet(JobFile.Part.METADATA);
    if (beside.isPresent()) {
      Map<String, Object> newer = Json.read(beside.get().place(), beside.get().text());
      Fields over = new Fields(beside.get().place(), newer);
      checkAction(over, over.text("action", 64), "meta");
      overlay(newer);
      metadata(over);
    }
    return missing.isEmpty()
        ? publish(Bodies.read(subject, new Fields(job.place(), fields)))
        : new Wish.Unread(missing);
  }

  private static void checkAction(Fields said, String action, String expected) throws BadJob {
    if (!action.isEmpty() && !action.equals(expected)) {
      throw said.bad("action", BadJob.quoted(action) + " is not known here; write " + expected);
    }
  }

  /** Lays the document that {@code said} points at over what is known, if it has been fetched. */
  private void metadata(Fields said) throws BadJob {
    Optional<Fields> pointer = said.object("meta");
    if (pointer.isEmpty()) {
      return;
    }
    Optional<Blob> blob = Addresses.blob(pointer.get(), "file", "md5");
    if (blob.isEmpty()) {
      throw pointer.get().bad("file", "is missing; write user@host:/path");
    }
    Optional<String> text = documents.find(blob.get());
    if (text.isPresent()) {
      overlay(Json.read(blob.get().toString(), text.get()));
    } else if (!missing.contains(blob.get())) {
      missing.add(blob.get());
    }
  }

  private void overlay(Map<String, Object> document) {
    document.forEach((key, value) -> {
      if (!JOB_ONLY.contains(key)) {
        fields.put(key, value);
      }
    });
  }

  private Wish publish(Body body) throws BadJob {
    Digests digests = new Digests(subject, origin().batch());
    return new Wish.Publish(body, digests.data(body), digests.face(body), emptied());
  }

  private String emptied() throws BadJob {
    Optional<Sheet> request = bundle.sheet(JobFile.Part.EMPTIED);
    if (request.isEmpty()) {
      return "";
    }
    Fields said =
        new Fields(request.get().place(), Json.read(request.get().place(), request.get().text()));
    checkAction(said, said.text("action", 64), "empty_gwc");
    return Digest.of(request.get().text());
  }

  /** A filter may rely on what the path says. */
  private void complete() {
    if (subject.sort().foldered()) {
      known("channel", job.file().channel());
      known("action", "publish");
      known("workspace", subject.workspace());
      if (!subject.name().isEmpty()) {
        known("name", subject.name());
      }
    }
  }

  private void known(String key, String value) {
    if (fields.get(key) == null) {
      fields.put(key, value);
    }
  }

  private Origin origin() {
    String published = word("publication_date");
    return new Origin(
        word("job_id"),
        word("job_batch_id"),
        published.isEmpty() ? word("publish_time") : published);
  }

  private String word(String key) {
    return switch (fields.get(key)) {
      case String text when text.length() <= 128 -> BadJob.line(text);
      case Long number -> number.toString();
      case null, default -> "";
    };
  }

  /** As filters and logs may see it. */
  private static Map<String, Object> seen(Map<String, Object> fields) {
    Map<String, Object> seen = new LinkedHashMap<>();
    fields.forEach((key, value) -> seen.put(key, seen(key, value)));
    return Collections.unmodifiableMap(seen);
  }

  private static @Nullable Object seen(String key, @Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, Object> inner = new LinkedHashMap<>();
        map.forEach((name, item) -> inner.put(String.valueOf(name), item));
        yield seen(inner);
      }
      case List<?> list -> {
        List<Object> inner = new ArrayList<>();
        list.forEach(item -> inner.add(seen(key, item)));
        yield Collections.unmodifiableList(inner);
      }
      case String text when !text.isEmpty() && Fields.secret(key) -> new Secret(text);
      case null, default -> value;
    };
  }
}
