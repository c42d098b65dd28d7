using Xunit;
using System.Text;
using Drover.Server.Config;
using static Drover.Server.Tests.Config.Reading;

namespace Drover.Server.Tests.Config;

public sealed class HostileFileTests
{
    [Theory]
    [InlineData("a: &x [1]\nb: *x\n", "drover.yaml:1:4: anchors and aliases")]
    [InlineData("a: *x\n", "drover.yaml:1:4: anchors and aliases")]
    [InlineData("a: !!binary aGk=\n", "drover.yaml:1:4: tags (!) are not supported")]
    [InlineData("a: 1\n---\nb: 2\n", "drover.yaml:2:1: a second document begins here")]
    [InlineData("? [a]\n: b\n", "a key must be a plain word")]
    [InlineData("a: [1, 2\nb: 3\n", "this is no YAML")]
    [InlineData("a:\n\tb: 1\n", "this is no YAML")]
    [InlineData("- a\n- b\n", "drover.yaml:1:1: takes a mapping, not a list")]
    [InlineData("just words\n", "drover.yaml:1:1: takes a mapping, not 'just words'")]
    public void What_is_no_plain_configuration_is_refused_with_its_place(string yaml, string expected) => Assert.Contains(expected, Assert.Single(Bad(yaml)));

    [Fact]
    public void A_bomb_of_aliases_is_refused_before_it_grows()
    {
        var bomb = new StringBuilder("a: &a [lol,lol,lol,lol,lol,lol,lol,lol,lol]\n");
        for (var c = 'b'; c <= 'i'; c++) bomb.Append($"{c}: &{c} [{string.Join(',', Enumerable.Repeat($"*{(char)(c - 1)}", 9))}]\n");

        Assert.Contains("anchors and aliases", Assert.Single(Bad(bomb.ToString())));
    }

    [Fact]
    public void Deep_nesting_is_refused() => Assert.Contains("nested more than 16 levels deep", Assert.Single(Bad("a: " + new string('[', 5000))));

    [Fact]
    public void A_huge_file_is_refused_unread() => Assert.Contains("10,000,000 bytes; at most 1,048,576", Assert.Single(Bad(new string('a', 10_000_000))));

    [Fact]
    public void A_NUL_byte_is_refused_with_its_place() => Assert.Equal("drover.yaml:2:3: the file holds a NUL byte; it must be UTF-8 text", Assert.Single(Bad("a: 1\nb:\0\n")));

    [Fact]
    public void Bytes_that_are_no_text_are_refused() =>
        Assert.Contains("not UTF-8", Assert.Single(ConfigFile.ReadProject([0x61, 0x3a, 0x20, 0xff, 0xfe], "drover.yaml", Adapters, "x").Problems).Text);

    [Fact]
    public void A_file_that_is_wrong_all_over_reports_a_bounded_number_of_problems() =>
        Assert.Equal(100, Bad(string.Concat(Enumerable.Range(0, 5000).Select(i => $"k{i}: 1\n"))).Length);

    [Fact]
    public void Whatever_a_file_holds_it_is_read_or_refused_and_nothing_throws()
    {
        var random = new Random(20_250_101);
        const string letters = "agents: {}[]-\n\t'\"|>#&*!%@,?coder adapter stream\u0001\u0085é";
        for (var i = 0; i < 3000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(60)).Select(_ => letters[random.Next(letters.Length)])]);

            var read = Project(text);

            Assert.True(read.Value is null == read.Problems.Count > 0, text);
        }
    }
}
