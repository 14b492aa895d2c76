package io.cotidal.gateway.wire;

import io.cotidal.gateway.door.Field;
import io.cotidal.gateway.wire.message.AnswerHead;
import java.util.List;

/** Hears what comes over one connection to a site, from its request to the end of its answer. */
interface Hearer {
  /** Something has come. */
  void siteSpoke();

  /** The site takes more of the request. */
  void siteWritable();

  /** An answer that is not the final one. */
  void interim(AnswerHead said);

  /** The final one. */
  void answered(AnswerHead said);

  /** Whether the answer's body may go on now. */
  boolean takesAnswer();

  /** What has come of the body; whoever hears it writes or drops it. */
  void answerBody(Pieces pieces);

  /** Nothing more comes at the moment: what was written may go. */
  void flushClient();

  /**
   * The answer is whole.
   *
   * @param clean whether nothing has come after it, and the site has not ended the connection
   */
  void answerEnded(SiteConnection from, List<Field> trailers, boolean clean);

  /** The site has ended the connection, or spoken nonsense. */
  void broken(SiteConnection from, String why);
}
