using Drover.Api;

namespace Drover.Server.Http;

/// <summary>A request cannot be done. With a field, the detail is what is wrong with it (<c>is needed</c>) and is told with the field in front. Thrown by a command it rolls that command back; the edge turns it into a problem answer.</summary>
internal sealed class Refusal(ProblemKind kind, string detail, string? field = null) : Exception(field is null ? detail : $"{field}: {detail}")
{
    public ProblemKind Kind { get; } = kind;

    public string? Field { get; } = field;

    public ProblemJson ToProblem() => ProblemJson.Of(Kind, Message, Field);
}
