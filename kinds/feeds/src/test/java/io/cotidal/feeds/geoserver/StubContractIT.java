package io.cotidal.feeds.geoserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.remote.http.Order.Content;
import io.cotidal.remote.http.Order.Method;
import io.cotidal.remote.http.Reply;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The statuses that a real GeoServer 2.26.2 gave, call by call; the tests build on one another. */
@DisplayName("what answers as GeoServer")
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StubContractIT {
  private static final String WS = "/rest/workspaces/contract";
  private static final String STORE = WS + "/datastores/d";
  private static final String TYPE = STORE + "/featuretypes/parcels";
  private static final String SLD = "application/vnd.ogc.sld+xml";

  private SiteLab lab;
  private Calls calls;

  @BeforeAll
  void begin(@TempDir Path folder) throws Exception {
    lab = SiteLab.open(folder);
    calls =
        new Calls(Rest.to(SiteLab.server(lab.stub().url(), "admin", "geoserver")), SiteLab.soon());
  }

  @AfterAll
  void end() throws Exception {
    if (lab != null) {
      lab.close();
    }
  }

  private int get(String path) throws SiteException {
    return calls.send(Method.GET, path, Optional.empty()).status();
  }

  private Reply send(Method method, String path, Content content) throws SiteException {
    return calls.send(method, path, Optional.of(content));
  }

  private int post(String path, String json) throws SiteException {
    return send(Method.POST, path, Content.json(json)).status();
  }

  private int put(String path, String json) throws SiteException {
    return send(Method.PUT, path, Content.json(json)).status();
  }

  private int delete(String path) throws SiteException {
    return calls.send(Method.DELETE, path, Optional.empty()).status();
  }

  private static Content sld(String text) {
    return new Content(SLD, text.getBytes(StandardCharsets.UTF_8));
  }

  private String store(String name) {
    return ("{'dataStore':{'name':'%s','connectionParameters':{'entry':["
            + "{'@key':'host','$':'127.0.0.1'},{'@key':'port','$':'%d'},"
            + "{'@key':'database','$':'replica'},{'@key':'schema','$':'sites'},"
            + "{'@key':'user','$':'postgres'},{'@key':'passwd','$':'%s'}]}}}")
        .formatted(name, lab.postgis().port(), lab.postgis().password().reveal())
        .replace('\'', '"');
  }

  @Test
  @Order(1)
  @DisplayName("has workspaces: 404, 201, 409; a namespace: 200")
  void workspaces() throws Exception {
    String body = "{\"workspace\":{\"name\":\"contract\"}}";
    assertThat(get(WS + ".json")).isEqualTo(404);
    assertThat(post("/rest/workspaces", body)).isEqualTo(201);
    assertThat(post("/rest/workspaces", body)).isEqualTo(409);
    assertThat(
            put(
                "/rest/namespaces/contract",
                "{\"namespace\":{\"prefix\":\"contract\",\"uri\":\"http://x\"}}"))
        .isEqualTo(200);
  }

  @Test
  @Order(2)
  @DisplayName("has datastores: 404, 201, 200, and shows no password")
  void stores() throws Exception {
    assertThat(get(STORE + ".json")).isEqualTo(404);
    assertThat(post(WS + "/datastores", store("d"))).isEqualTo(201);
    assertThat(put(STORE, store("d"))).isEqualTo(200);
    assertThat(calls.text(STORE + ".json").orElse(""))
        .doesNotContain(lab.postgis().password().reveal())
        .contains("crypt1:");
  }

  @Test
  @Order(3)
  @DisplayName("has feature types: 201, 500 the second time, 400 without a table, 200 for a part")
  void types() throws Exception {
    String collection = STORE + "/featuretypes";
    String body = "{\"featureType\":{\"name\":\"parcels\"}}";
    assertThat(post(collection, body)).isEqualTo(201);
    Reply again = send(Method.POST, collection, Content.json(body));
    assertThat(again.status()).isEqualTo(500);
    assertThat(again.text()).contains("already exists in store");
    assertThat(post(collection, "{\"featureType\":{\"name\":\"none\"}}")).isEqualTo(400);
    assertThat(put(TYPE, "{\"featureType\":{\"title\":\"T\"}}")).isEqualTo(200);
    assertThat(calls.text(TYPE + ".json").orElse("")).contains("\"T\"").contains("parcels");
    assertThat(get("/rest/layers/contract:parcels.json")).isEqualTo(200);
  }

  @Test
  @Order(4)
  @DisplayName("has styles: 404, 201, 200, and 400 for broken XML; a layer in one: 200")
  void styles() throws Exception {
    String path = WS + "/styles/s";
    assertThat(get(path + ".sld")).isEqualTo(404);
    assertThat(send(Method.POST, WS + "/styles?name=s", sld("<a/>")).status()).isEqualTo(201);
    assertThat(send(Method.PUT, path, sld("<b/>")).status()).isEqualTo(200);
    assertThat(send(Method.PUT, path, sld("<b>")).status()).isEqualTo(400);
    assertThat(calls.text(path + ".sld")).contains("<b/>");
    assertThat(
            put(
                "/rest/layers/contract:parcels",
                "{\"layer\":{\"defaultStyle\":{\"name\":\"s\",\"workspace\":\"contract\"}}}"))
        .isEqualTo(200);
    assertThat(delete(path)).as("in use").isEqualTo(403);
  }

  @Test
  @Order(5)
  @DisplayName(
      "cascades: 201, 201, 500 for a layer that the other server has not, 401 while in use")
  void cascades() throws Exception {
    String url = lab.stub().url() + "/wms?request=GetCapabilities";
    String store = WS + "/wmsstores";
    assertThat(post(store, "{\"wmsStore\":{\"name\":\"w\",\"capabilitiesURL\":\"" + url + "\"}}"))
        .isEqualTo(201);
    String layers = store + "/w/wmslayers";
    assertThat(post(layers, "{\"wmsLayer\":{\"name\":\"l\",\"nativeName\":\"contract:parcels\"}}"))
        .isEqualTo(201);
    Reply unknown =
        send(
            Method.POST,
            layers,
            Content.json("{\"wmsLayer\":{\"name\":\"m\",\"nativeName\":\"nothing\"}}"));
    assertThat(unknown.status()).isEqualTo(500);
    assertThat(unknown.text()).contains("Could not find layer");
    assertThat(delete(store + "/w")).isEqualTo(401);
    assertThat(delete(store + "/w?recurse=true")).isEqualTo(200);
  }

  private static Content group(String members, String styles) {
    return Content.xml(
        "<layerGroup><name>g</name><publishables>"
            + members
            + "</publishables>"
            + styles
            + "</layerGroup>");
  }

  @Test
  @Order(6)
  @DisplayName(
      "has groups: 201, 200, 500 if styles and members differ in number, 200 if they match")
  void groups() throws Exception {
    String one = "<published type=\"layer\"><name>contract:parcels</name></published>";
    String groups = WS + "/layergroups";
    assertThat(send(Method.POST, groups, group(one, "")).status()).isEqualTo(201);
    assertThat(get(groups + "/g.json")).isEqualTo(200);
    String path = groups + "/g";
    assertThat(send(Method.PUT, path, group(one, "<styles><style/></styles>")).status())
        .isEqualTo(200);
    Reply odd = send(Method.PUT, path, group(one + one, "<styles><style/></styles>"));
    assertThat(odd.status()).isEqualTo(500);
    assertThat(odd.text()).contains("different number of styles");
    assertThat(
            send(Method.PUT, path, group(one + one, "<styles><style/><style/></styles>")).status())
        .isEqualTo(200);
    Reply used = calls.send(Method.DELETE, "/rest/layers/contract:parcels", Optional.empty());
    assertThat(used.status()).isEqualTo(500);
    assertThat(used.text()).contains("referenced by layer group");
    assertThat(delete(path)).isEqualTo(200);
  }

  @Test
  @Order(7)
  @DisplayName("has tiles: the layer came by itself; seed, its tasks and truncation: 200")
  void tiles() throws Exception {
    String path = "/gwc/rest/layers/contract:parcels.xml";
    Content same = Content.xml(calls.text(path).orElse(""));
    assertThat(send(Method.PUT, path, same).status()).isEqualTo(200);
    assertThat(send(Method.POST, path, same).status()).isEqualTo(200);
    String seed = "/gwc/rest/seed/contract:parcels.json";
    assertThat(post(seed, "{\"seedRequest\":{\"type\":\"truncate\"}}")).isEqualTo(200);
    assertThat(calls.text(seed).orElse("")).contains("long-array-array");
    Content truncate =
        Content.xml("<truncateLayer><layerName>contract:parcels</layerName></truncateLayer>");
    assertThat(send(Method.POST, "/gwc/rest/masstruncate", truncate).status()).isEqualTo(200);
  }

  @Test
  @Order(8)
  @DisplayName("has rules of access: 200, and 409 for one that is there or is not")
  void rules() throws Exception {
    String path = "/rest/security/acl/layers.json";
    String rule = "{\"contract.*.r\":\"ROLE_X\"}";
    assertThat(put(path, rule)).isEqualTo(409);
    assertThat(post(path, rule)).isEqualTo(200);
    assertThat(post(path, rule)).isEqualTo(409);
    assertThat(put(path, rule)).isEqualTo(200);
    assertThat(delete("/rest/security/acl/layers/contract.*.r")).isEqualTo(200);
  }

  @Test
  @Order(9)
  @DisplayName("forgets when told: 200 at every level")
  void resets() throws Exception {
    for (String path : new String[] {TYPE + "/reset", STORE + "/reset", "/rest/reset"}) {
      assertThat(calls.send(Method.POST, path, Optional.empty()).status()).isEqualTo(200);
    }
    assertThat(calls.send(Method.POST, "/rest/reload", Optional.empty()).status()).isEqualTo(200);
  }

  @Test
  @Order(10)
  @DisplayName("answers 200 with an exception to a map of a layer that it does not know")
  void unknownMap() throws Exception {
    Reply reply =
        calls.send(Method.GET, "/wms?request=GetMap&layers=contract:nothing", Optional.empty());
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("content-type").orElse("")).contains("xml");
    assertThat(reply.text()).contains("LayerNotDefined");
    assertThat(get("/wfs?request=GetFeature&typeNames=contract:nothing")).isEqualTo(400);
  }

  @Test
  @Order(11)
  @DisplayName("gives features as JSON or GML, as many as were asked for")
  void features() throws Exception {
    String query = "/wfs?request=GetFeature&typeNames=contract:parcels&count=3";
    String json = calls.text(query + "&outputFormat=application/json").orElse("");
    assertThat(json).contains("\"numberReturned\":3").contains("Polygon");
    assertThat(calls.text(query).orElse("")).contains("numberReturned=\"3\"");
  }

  @Test
  @Order(12)
  @DisplayName("refuses to delete what is in use: 403, and 200 with recursion")
  void deletes() throws Exception {
    assertThat(delete(TYPE)).isEqualTo(403);
    assertThat(delete(STORE)).isEqualTo(403);
    assertThat(delete(TYPE + "?recurse=true")).isEqualTo(200);
    assertThat(delete(STORE)).isEqualTo(200);
    assertThat(get("/gwc/rest/layers/contract:parcels.xml")).isEqualTo(404);
  }
}
