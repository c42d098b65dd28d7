namespace Drover.Rehearsal.Scripts;

/// <summary>What the agent will do: parts chosen by the words of a conversation's first prompt, each a list of turns.</summary>
internal sealed record Script(IReadOnlyList<Rule> Rules, Part Otherwise)
{
    /// <summary>The turn for the last of these prompts. A pure function of the conversation so far, so that a retry, a restart or a parallel conversation
    /// cannot get out of step.</summary>
    /// <param name="prompts">All prompts of the conversation, oldest first; at least one.</param>
    public Turn TurnFor(IReadOnlyList<string> prompts)
    {
        var part = Rules.FirstOrDefault(rule => prompts[0].Contains(rule.Contains, StringComparison.Ordinal))?.Part ?? Otherwise;
        return part.TurnFor(prompts);
    }
}

/// <param name="Contains">The part is played when this text stands in the conversation's first prompt.</param>
internal sealed record Rule(string Contains, Part Part);

/// <param name="Turns">One per prompt, in order.</param>
/// <param name="Answers">Turns for prompts that contain certain words, whenever they come; these prompts use up none of <paramref name="Turns"/>.</param>
/// <param name="Default">For every further prompt.</param>
internal sealed record Part(IReadOnlyList<Turn> Turns, IReadOnlyList<Answer> Answers, Turn Default)
{
    public Turn TurnFor(IReadOnlyList<string> prompts)
    {
        if (AnswerTo(prompts[^1]) is { } answer) return answer;

        var before = prompts.Take(prompts.Count - 1).Count(prompt => AnswerTo(prompt) is null);
        return before < Turns.Count ? Turns[before] : Default;
    }

    private Turn? AnswerTo(string prompt) =>
        Answers.FirstOrDefault(answer => prompt.Contains(answer.Contains, StringComparison.Ordinal))?.Turn;
}

internal sealed record Answer(string Contains, Turn Turn);

/// <summary>What is done about one prompt: answers of the model, each but the last ending in a tool call.</summary>
internal sealed record Turn(IReadOnlyList<Reply> Replies)
{
    public static Turn Of(IReadOnlyList<Step> steps)
    {
        var replies = new List<Reply>();
        var open = new List<Step>();
        foreach (var step in steps)
        {
            if (step is Step.Use or Step.Crash)
            {
                replies.Add(new Reply(open, step));
                open = [];
            }
            else
            {
                open.Add(step);
            }
        }

        // A model that has seen a tool's result says something; an empty answer is no answer.
        if (open.Count == 0) open.Add(new Step.Say("Done.", Pace.AtOnce));
        replies.Add(new Reply(open, null));
        return new Turn(replies);
    }
}

/// <summary>One answer of the model.</summary>
/// <param name="Last">The tool call or crash that ends it, or null when it ends the turn.</param>
internal sealed record Reply(IReadOnlyList<Step> Steps, Step? Last)
{
    public Tokens Tokens => Steps.OfType<Step.Spend>().LastOrDefault()?.Tokens ?? Tokens.Usual;
}
