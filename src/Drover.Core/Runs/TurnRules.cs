namespace Drover.Core;

/// <summary>The bound on a run's turns. No turn is cut off by it: none is begun beyond it.</summary>
public static class TurnRules
{
    /// <summary>Whether the agent may be told something that may take a turn of its own.</summary>
    /// <param name="begun">Turns so far; the first prompt has one, though it may not have begun yet.</param>
    /// <param name="promised">Messages that the agent was given and has not read yet: each may take a turn.</param>
    /// <param name="most">Null: as many as it takes.</param>
    public static bool HasRoom(int begun, int promised, int? most) => most is null || Math.Max(1, begun) + promised < most;

    /// <summary>Why a run ends that has something left to be said and no turn for it. What ailed its last turn counts before that.</summary>
    public static Fault OutOfTurns(RunFacts run)
    {
        var left = run.WithheldSteers switch
        {
            0 => "the agent was still to be asked to commit what it left",
            1 => "a message was still to be said",
            var many => $"{many} messages were still to be said",
        };
        var why = $"{left}, and no turn is left: limits.turns is {run.MostTurns}";
        return run.LastTurn is { Outcome: not Outcome.Succeeded } turn
            ? new(Outcome.Failed, turn.Class ?? FailureClass.MaxTurns, $"{turn.Reason}; {why}")
            : new(Outcome.Failed, FailureClass.MaxTurns, why);
    }
}
