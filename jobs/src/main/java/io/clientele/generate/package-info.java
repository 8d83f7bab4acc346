/**
 * Invents the data of a company, with the truth beside it: {@link io.clientele.generate.CompanyGenerator} for all seven
 * channels with planted faults, {@link io.clientele.generate.BenchmarkCompany} for many sale lines. The same options give
 * the same bytes.
 */
package io.clientele.generate;
