using Drover.Api;

namespace Drover.Server.Http;

/// <summary>A request cannot be done. Thrown by a command it rolls that command back; the edge turns it into a problem answer.</summary>
internal sealed class Refusal(ProblemKind kind, string detail, string? field = null) : Exception(detail)
{
    public ProblemKind Kind { get; } = kind;

    public string? Field { get; } = field;

    public ProblemJson ToProblem() => ProblemJson.Of(Kind, Message, Field);
}
