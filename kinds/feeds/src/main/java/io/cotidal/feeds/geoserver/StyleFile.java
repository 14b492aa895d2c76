package io.cotidal.feeds.geoserver;

import io.cotidal.feeds.geoserver.SiteException.Kind;
import io.cotidal.remote.http.Order.Content;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/**
 * A style that was fetched and looked at.
 *
 * @param name at GeoServer
 * @param digest of its text
 */
record StyleFile(String name, String digest, Content content) {
  private static final String OLD = "application/vnd.ogc.sld+xml";
  private static final String NEW = "application/vnd.ogc.se+xml";

  /**
   * The style in {@code file}: SLD 1.0 or 1.1, as its outer element says.
   *
   * @throws SiteException of kind REJECTED if it is no style, or has a document type
   */
  static StyleFile read(String name, Path file) throws SiteException {
    byte[] bytes;
    try {
      if (Files.size(file) > Content.MOST) {
        throw new SiteException(
            Kind.REJECTED,
            "style " + name + ": longer than " + Content.MOST + " bytes: correct it");
      }
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new SiteException(
          Kind.FAILED, "style " + name + ": " + file + " cannot be read: fetch it again", e);
    }
    try {
      Element root = Xml.read(bytes);
      if (!"StyledLayerDescriptor".equals(root.getLocalName())) {
        throw new SiteException(
            Kind.REJECTED, "style " + name + ": no StyledLayerDescriptor: correct the file");
      }
      String type = root.getAttribute("version").startsWith("1.1") ? NEW : OLD;
      return new StyleFile(name, Digest.of(bytes), new Content(type, unicode(root, bytes)));
    } catch (SAXException e) {
      throw new SiteException(
          Kind.REJECTED,
          "style "
              + name
              + ": "
              + String.valueOf(e.getMessage()).replaceAll("\\s+", " ")
              + ": only plain XML without a document type is taken",
          e);
    }
  }

  /** The same text in UTF-8: GeoServer does not look what encoding a style claims. */
  private static byte[] unicode(Element root, byte[] bytes) {
    Document document = root.getOwnerDocument();
    String encoding =
        document.getXmlEncoding() != null ? document.getXmlEncoding() : document.getInputEncoding();
    if (encoding == null || encoding.equalsIgnoreCase("UTF-8")) {
      return bytes;
    }
    return new String(bytes, Charset.forName(encoding))
        .replaceFirst("(<\\?xml[^>]*encoding=)([\"'])[^\"']*\\2", "$1$2UTF-8$2")
        .getBytes(StandardCharsets.UTF_8);
  }
}
