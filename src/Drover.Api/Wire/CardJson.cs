namespace Drover.Api;

/// <summary>What one version of an agent's program was seen to do: the outcome of <c>drover doctor</c>'s conformance kit, and the form in which it is kept.</summary>
/// <param name="Name">The program, for people.</param>
/// <param name="Command">Program, as a full path, and leading arguments.</param>
/// <param name="Version">As the program says it; <c>unknown</c> when it says none.</param>
/// <param name="Mark">Changes when the program's files change.</param>
/// <param name="Kit">The number of the kit that was played.</param>
/// <param name="Isolation">What surrounded the program meanwhile.</param>
public sealed record CardJson(
    string Name, string Adapter, IReadOnlyList<string> Command, string Version, string Mark, int Kit, DateTimeOffset ProvenAt, string Isolation,
    IReadOnlyList<CardStepJson> Steps);

/// <param name="Result"><c>passed</c>, <c>failed</c>, <c>absent</c> or <c>skipped</c>.</param>
/// <param name="Why">For people; null when it passed.</param>
/// <param name="Evidence">What was seen when it failed.</param>
public sealed record CardStepJson(string Step, string Result, string? Why, IReadOnlyList<string> Evidence);
