namespace Drover.Core;

/// <summary>How often an agent has told of trouble since it last got on. What it says in between is no sign that it does: each new try at an answer may deliver a part of it
/// and break off again, without end and without ever being silent.</summary>
/// <param name="Last">What the last trouble was; null while there is none.</param>
public sealed record Struggle(int Times, FailureClass? Last, string? Text)
{
    public static readonly Struggle None = new(0, null, null);

    /// <summary>Far more than any agent tries again before it gives up by itself.</summary>
    public const int Most = 100;

    public Struggle Met(FailureClass trouble, string text) => new(Times + 1, trouble, text);

    /// <summary>Why the run is to end; null while the agent may go on trying.</summary>
    public Fault? Judge() => Times < Most || Last is not { } cause ? null
        : new(Outcome.Failed, cause, $"the agent met trouble {Times} times without finishing a tool call or its turn; last: {Text}");
}
