using Drover.Api;

namespace Drover.Server.Demo;

/// <summary>One of the three tasks.</summary>
/// <param name="Name">The function's name, and its files'.</param>
internal sealed record DemoTask(string Name, string Body, IReadOnlyList<string> Criteria)
{
    public static IReadOnlyList<DemoTask> All { get; } =
    [
        new("slugify", "A function `slugify(title)` that turns a title into a part of a URL: lower case, words joined by single hyphens, accents as plain letters.",
            ["'Crème Brûlée' becomes 'creme-brulee'", "a title of mere punctuation becomes ''"]),
        new("truncate", "A function `truncate(text, limit)` that shortens a text to at most `limit` characters, between words where it can, with an ellipsis (…) as its last character.",
            ["a text that is short enough is left as it is", "a limit below 1 throws a RangeError"]),
        new("median", "A function `median(numbers)`: the middle value of a list, or the mean of the two middle ones.",
            ["the caller's list is not changed", "an empty list throws a RangeError"]),
    ];

    public string Title => $"Add {Name}";

    /// <summary>What the target branch must hold in the end.</summary>
    public IReadOnlyList<string> Files => [$"src/{Name}.js", $"test/{Name}.test.js"];

    public NewTicketJson Ticket(string project) => new(
        project, null, Title, $"{Body}\n\nIt is exported by src/{Name}.js and tested by test/{Name}.test.js, as its neighbours are.", null, null, Criteria, null);
}

/// <summary>How far a task has come, as its events told.</summary>
internal sealed class DemoTicket(DemoTask task, string key)
{
    public DemoTask Task => task;

    public string Key => key;

    public string Stage { get; private set; } = "backlog";

    public string Doing { get; private set; } = "";

    /// <summary>Nothing more will happen to it by itself.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Takes an event in. Gives the line that tells of it, or null when it is not worth one.</summary>
    public string? Hear(EventJson happened)
    {
        var line = DemoWords.Of(happened);
        if (line is not null) Doing = line;
        switch (happened.Type)
        {
            case "ticket.moved":
                Stage = DemoWords.Member(happened, "to");
                break;
            case "ticket.blocked" or "landing.waits":
                IsOver = true;
                break;
            case "run.settled" when DemoWords.Member(happened, "outcome") != "succeeded" || DemoWords.Member(happened, "commits") == "0":
                IsOver = true;
                break;
            case "worktree.removed" when Stage == "done":
                IsOver = true;
                break;
        }

        return line;
    }
}
