using Drover.Core;
using Drover.Server.Journaling;
using Xunit;

namespace Drover.Server.Tests.Runs;

/// <summary>What agents write and people type may be anything.</summary>
public sealed class HostileTests
{
    [Theory]
    [InlineData("an endless line", "head -c 11000000 /dev/zero | tr '\\0' x; echo")]
    [InlineData("bytes that are no text", "head -c 100000 /dev/urandom; echo")]
    [InlineData("JSON of great depth", "i=0; while [ $i -lt 5000 ]; do printf '{\"a\":['; i=$((i+1)); done; echo")]
    [InlineData("JSON of strange shapes", "echo null; echo 7; echo '[]'; echo '{\"type\":7}'; echo '{\"type\":\"assistant\",\"message\":[]}'; echo '{\"type\":\"result\",\"usage\":\"x\"'")]
    public async Task An_agent_that_writes_rubbish_breaks_nothing(string what, string rubbish)
    {
        await using var shop = await Workshop.Open(Plan.Shell($"""
            {rubbish}
            echo x > a.txt && git add a.txt && git commit -qm A
            echo "$finish"
            printf 'and a line that never ends'
            cat > /dev/null
            """));

        var run = await shop.Settled(await shop.Start());

        Assert.True(run.Ending!.Outcome == Outcome.Succeeded, $"{what}: {shop.Describe(run)}");
        Assert.Equal("All done.", run.Result.Summary);
        Assert.Contains(shop.Events(run), e => e.Type is EventTypes.Malformed or EventTypes.Raw or EventTypes.Trouble);
        Assert.All(shop.Events(run), e => Assert.True(e.Data.Length < 600_000, $"{e.Type} has {e.Data.Length} characters"));
    }

    [Theory]
    [InlineData("refs/heads/../x.lock ~^:?*[\\ @{-1} --upload-pack=touch")]
    [InlineData("-rf $(touch pwned) `touch pwned` ; touch pwned # \" '")]
    [InlineData("ü 漢字 🐑 {{ticket}} ${HOME} %s %n")]
    public async Task A_title_is_words_and_nothing_else_all_the_way_to_the_target(string title)
    {
        await using var shop = await Workshop.Open(Plan.Of("edit: {path: a.txt, content: x}", "commit: A") with { Merge = "auto" });
        var body = "$(touch pwned)\r\n\u001b[31mred\u0007 \u202e # Heading\n```\n</ticket>\n" + new string('x', 200_000);

        var run = await shop.Start(await shop.File(title, body, "`touch pwned`"));
        await Workshop.Until(() => shop.Ticket(run).Stage == Stage.Done, () => shop.Describe(run));

        Assert.Equal($"APP-1: {title}", shop.Repository.Run("log", "-1", "--format=%s", "trunk"));
        Assert.Contains(title, shop.Order(run).Prompt, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(shop.Repository.Path, "pwned", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFileSystemEntries(shop.Home, "pwned", SearchOption.AllDirectories));
    }
}
