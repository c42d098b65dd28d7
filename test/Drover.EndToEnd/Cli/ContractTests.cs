using System.Text.Json;
using Xunit;

namespace Drover.EndToEnd.Cli;

public sealed class ContractTests : IDisposable
{
    private static readonly Dictionary<string, string> Nothing = [];

    private readonly Workplace _place = new();

    public ContractTests() => _place.Json("up");

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Ticket_add_answers_with_the_key_and_list_and_show_with_the_ticket()
    {
        const string title = "Fix $(touch pwned) `id`; \"quotes\" 'n' <b> 中文";

        var added = _place.Json("ticket", "add", "--title", title, "--body", "line 1\n--body", "--criterion", "It works", "--criterion", "Tests pass");

        var key = added.GetProperty("key").GetString()!;
        Assert.Equal("MYSHOP-1", key);
        var listed = Assert.Single(_place.Json("ticket", "list").EnumerateArray());
        Assert.Equal((key, title, "backlog"), (Text(listed, "key"), Text(listed, "title"), Text(listed, "stage")));
        var shown = _place.Json("ticket", "show", key);
        Assert.Equal("line 1\n--body", Text(shown, "body"));
        Assert.Equal(["It works", "Tests pass"], shown.GetProperty("criteria").EnumerateArray().Select(c => c.GetString()));
        Assert.False(File.Exists(Path.Combine(_place.Repository, "pwned")));
    }

    [Fact]
    public void Dependencies_are_given_with_options_that_may_be_repeated_and_are_shown()
    {
        foreach (var title in (string[])["One", "Two", "Three"]) _place.Json("ticket", "add", "--title", title);

        var added = _place.Json("ticket", "add", "--title", "Four", "--depends-on", "MYSHOP-1", "--depends-on", "myshop-2");
        var edited = _place.Json("ticket", "edit", "MYSHOP-4", "--independent-of", "MYSHOP-1", "--independent-of", "MYSHOP-2", "--depends-on", "MYSHOP-3");
        var circle = _place.Drover("ticket", "edit", "MYSHOP-3", "--depends-on", "MYSHOP-4");

        Assert.Equal(["MYSHOP-1 backlog", "MYSHOP-2 backlog"], Needs(added));
        Assert.Equal(["MYSHOP-3 backlog"], Needs(edited));
        Assert.Equal(4, circle.ExitCode);
        Assert.Contains("MYSHOP-3 → MYSHOP-4 → MYSHOP-3", circle.Error, StringComparison.Ordinal);
        Assert.Contains("needs     MYSHOP-3  backlog", _place.Drover("ticket", "show", "MYSHOP-4").Output, StringComparison.Ordinal);
        Assert.Contains(_place.Drover("ticket", "list").Output.Split('\n'), l => l.StartsWith("MYSHOP-4", StringComparison.Ordinal) && l.TrimEnd().EndsWith("needs MYSHOP-3", StringComparison.Ordinal));

        static string[] Needs(JsonElement ticket) => [.. ticket.GetProperty("dependsOn").EnumerateArray().Select(n => $"{Text(n, "ticket")} {Text(n, "stage")}")];
    }

    [Fact]
    public void A_body_is_read_from_standard_input()
    {
        var added = _place.DroverIn(_place.Repository, "from a pipe\n", Nothing, "ticket", "add", "--title", "Piped", "--body", "-", "--json");

        Assert.Equal("from a pipe\n", Text(JsonDocument.Parse(added.Output).RootElement, "body"));
    }

    [Fact]
    public void Events_are_json_lines_that_go_on_after_a_cursor()
    {
        _place.Json("ticket", "add", "--title", "One");
        var first = Lines(_place.Drover("events", "--after", "0"));
        _place.Json("ticket", "add", "--title", "Two");

        var rest = Lines(_place.Drover("events", "--after", Text(first[^1], "cursor")));

        foreach (var member in new[] { "seq", "cursor", "type", "run", "ticket", "at", "data" }) Assert.True(rest[0].TryGetProperty(member, out _), member);
        Assert.Equal(("ticket.added", "MYSHOP-2"), (Text(Assert.Single(rest), "type"), Text(rest[0], "ticket")));
        Assert.Equal(first[^1].GetProperty("seq").GetInt64() + 1, rest[0].GetProperty("seq").GetInt64());
        Assert.Equal("[]", _place.Drover("run", "list", "--json").Output.Trim());
    }

    [Fact]
    public void A_human_reads_text_that_cannot_steer_the_terminal()
    {
        _place.Json("ticket", "add", "--title", "Plain", "--body", "\e]0;evil\a\e[2J red \u202Etxt");

        var shown = _place.Drover("ticket", "show", "MYSHOP-1");

        Assert.DoesNotContain(shown.Output, c => c is '\e' or '\a' or '\u202E');
        Assert.Contains("Plain", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Exit_codes_tell_wrong_usage_from_refused_from_not_found()
    {
        _place.Json("ticket", "add", "--title", "One");

        Assert.Equal(2, _place.Drover("ticket", "add").ExitCode);
        Assert.Equal(4, _place.Drover("ticket", "move", "MYSHOP-1", "done").ExitCode);
        Assert.Equal(5, _place.Drover("ticket", "show", "MYSHOP-99").ExitCode);
        Assert.Equal(5, _place.Drover("run", "show", "nobody").ExitCode);
        var refused = _place.Drover("ticket", "move", "MYSHOP-1", "done", "--json");
        Assert.Equal("illegal_move", Text(JsonDocument.Parse(refused.Error).RootElement, "code"));
        Assert.Empty(refused.Output);
    }

    [Fact]
    public void A_megabyte_of_text_is_refused_with_the_limit()
    {
        var ended = _place.DroverIn(_place.Repository, new string('x', 1024 * 1024), Nothing, "ticket", "add", "--title", "Big", "--body", "-");

        Assert.Equal(4, ended.ExitCode);
        Assert.Contains("262144", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("approve", "MYSHOP-1")]
    [InlineData("merge", "MYSHOP-1")]
    [InlineData("run", "start", "MYSHOP-1")]
    [InlineData("ticket", "cancel", "MYSHOP-1")]
    [InlineData("ticket", "hold", "MYSHOP-1")]
    [InlineData("ticket", "move", "MYSHOP-1", "ready")]
    [InlineData("ticket", "list")]
    [InlineData("down")]
    public void A_process_with_a_runs_marker_has_no_humans_authority(params string[] arguments)
    {
        _place.Json("ticket", "add", "--title", "Mine");

        var ended = _place.DroverWith(new Dictionary<string, string> { ["DROVER_RUN"] = "00000000000000a1" }, [.. arguments, "--json"]);

        Assert.Equal((4, "human_only"), (ended.ExitCode, Text(JsonDocument.Parse(ended.Error).RootElement, "code")));
        Assert.Equal("backlog", Text(_place.Json("ticket", "show", "MYSHOP-1"), "stage"));
    }

    private static string Text(JsonElement of, string member) => of.GetProperty(member).GetString()!;

    private static List<JsonElement> Lines(Ended ended) =>
        [.. ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
}
