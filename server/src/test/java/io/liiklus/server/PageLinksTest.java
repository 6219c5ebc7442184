package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The pages of a clone. Those of the release are {@link ReleaseIT}'s. */
class PageLinksTest {

  private final PageLinks pages = new PageLinks(Path.of("..").toAbsolutePath().normalize());

  @Test
  void pages_linkToExistingFilesAndHeadings() throws IOException {
    var links = pages.of("README.md", "CONTRIBUTING.md", "docs", "bench/README.md");
    assertThat(links).hasSizeGreaterThan(30);

    assertThat(links).filteredOn(link -> !pages.isResolved(link)).isEmpty();
  }
}
