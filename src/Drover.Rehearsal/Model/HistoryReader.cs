namespace Drover.Rehearsal.Model;

/// <summary>Makes a <see cref="History"/> from the messages of a request, taken one after the other.</summary>
internal sealed class HistoryReader
{
    private readonly List<string> prompts = [];
    private readonly List<string> said = [];
    private int calls;
    private bool inTurn;

    public History History => new(prompts, calls, said);

    /// <summary>A text of the user in a format that does not tell steers from prompts. One that follows a tool's result was sent during the turn;
    /// one that follows an answer of the model, or nothing, begins the next.</summary>
    public void Said(string text)
    {
        if (inTurn) Steer(text);
        else Prompt(text);
    }

    public void Prompt(string text)
    {
        prompts.Add(text);
        said.Add(text);
        calls = 0;
        inTurn = false;
    }

    public void Steer(string text) => said.Add(text);

    public void Called()
    {
        calls++;
        inTurn = true;
    }

    /// <summary>The model has ended a turn, or it was broken off.</summary>
    public void TurnEnded() => inTurn = false;
}
