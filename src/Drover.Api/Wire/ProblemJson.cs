using System.Text.Json.Serialization;

namespace Drover.Api;

/// <summary>The body of every refusal (<c>application/problem+json</c>, RFC 9457), with a stable <see cref="Code"/>.</summary>
/// <param name="Detail">What is wrong and what to do next, as a sentence for a human.</param>
/// <param name="Field">The member of the request that is wrong, where there is one.</param>
public sealed record ProblemJson(
    string Type, string Title, int Status, string Code, string Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Field = null)
{
    public static ProblemJson Of(ProblemKind kind, string detail, string? field = null) =>
        new("about:blank", kind.Title, kind.Status, kind.Code, detail, field);
}
