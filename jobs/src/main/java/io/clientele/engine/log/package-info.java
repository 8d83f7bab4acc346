/** What the program says while it works: lines for people, or JSON for machines, without secrets. */
package io.clientele.engine.log;
