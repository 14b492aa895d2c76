package io.cotidal.feeds.job;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that one revision of the repository says of one subject: its job and the auxiliary files
 * beside it.
 *
 * @param channel by which it came; empty for roles
 * @param path of the job file
 * @param wish what is asked for
 * @param fields the job as filters see it: the document, with the metadata laid over it once they
 *     are there; nested maps, lists, strings, numbers, booleans and nulls
 * @param origin what the master calls this publication
 */
public record Thing(
    Subject subject,
    String channel,
    String path,
    Wish wish,
    Map<String, Object> fields,
    Origin origin) {

  /** What a job asks for. */
  public sealed interface Wish {
    /** It shall not be there. */
    record Remove() implements Wish {}

    /** It shall be there; more cannot be said before these documents have been fetched. */
    record Unread(List<Blob> documents) implements Wish {
      /** Copies the list. */
      public Unread {
        documents = List.copyOf(documents);
      }
    }

    /**
     * It shall be there, so.
     *
     * @param data digest of what the database holds: changes if and only if the table must be
     *     loaded anew; empty if there is no table
     * @param face digest of everything that GeoServer is told, styles included
     * @param emptied digest of the request to empty its tiles; empty if there is none
     */
    record Publish(Body body, String data, String face, String emptied) implements Wish {}

    /** The job cannot be understood, or must not be done; nothing changes for its subject. */
    record Refused(String reason) implements Wish {}
  }

  /**
   * The master's numbers, for reports.
   *
   * @param job {@code job_id}; empty if the document has none
   * @param batch {@code job_batch_id}
   * @param publication {@code publication_date} or publish time, as the document says it
   */
  public record Origin(String job, String batch, String publication) {}

  /** What it shall be, if that is known. */
  public Optional<Wish.Publish> publish() {
    return wish instanceof Wish.Publish publish ? Optional.of(publish) : Optional.empty();
  }
}
