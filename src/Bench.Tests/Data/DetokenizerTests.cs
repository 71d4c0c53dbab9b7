using Bench.Data.Corpora;
using Xunit;

namespace Bench.Tests.Data;

/// <summary>What the rules make of texts as they are distributed, each case written by hand from the rule that it is of.</summary>
public sealed class DetokenizerTests
{
    [Theory]
    [InlineData(" = = Gameplay = = \n", " == Gameplay ==\n")]
    [InlineData("a 1 @.@ 5 @-@ inch gun , and 10 @,@ 000 men .  ", "a 1.5-inch gun, and 10,000 men.  ")]
    [InlineData("( born 1990 ) said \" no \" , [ sic ]", "(born 1990) said \"no\", [sic]")]
    [InlineData("the dogs ' tails", "the dogs' tails")]
    [InlineData("the cat 's tail", "the cat's tail")]
    [InlineData("dogs ' tails and the cat 's", "dogs'tails and the cat's")] // two apostrophes are a pair of quotation marks to the rules
    [InlineData("20 ° C : warm ; N of them ! Why ? So", "20°C: warm; 1 of them! Why? So")]
    public void Wikitext(string distributed, string read) => Assert.Equal(read, Detokenizer.WikiText.Apply(distributed));

    [Theory]
    [InlineData("the company 's shares rose $ N to N N and do n't ask", "the company's shares rose $1 to 1 1 and don't ask")]
    [InlineData("workers ' pay and <unk> \\/ other # N", "workers' pay and ? / other #1")]
    public void Ptb(string distributed, string read) => Assert.Equal(read + " ", Detokenizer.Ptb.Apply(distributed + " "));

    [Theory]
    [InlineData("He said , \" It is 5 : 30 . \"", "He said, \"It is 5: 30.\"")]
    [InlineData("Why now ?", "Why now?")]
    [InlineData("Stop !", "Stop!")]
    [InlineData("They 've paid $ 5 or £ 3 ( about ) .", "They've paid $5 or £3 (about) .")]
    [InlineData("The end .", "The end.")]
    [InlineData("see http : / / www / x", "see http://www/x")]
    public void Lm1b(string distributed, string read) => Assert.Equal(read, Detokenizer.Lm1b.Apply(distributed));

    [Fact]
    public void Lambada() => Assert.Equal("\nShe said \"no\"", Detokenizer.Lambada.Apply("  She said “no” "));

    [Fact]
    public void Articles_take_both_rules_in_their_order() =>
        Assert.Equal("we find (as before) that it is so.", Detokenizer.ScientificPapers.Apply("we find ( as before ) that it is so ."));

    [Fact]
    public void No_detokenizer_leaves_a_text_alone_and_all_are_found_by_their_names()
    {
        Assert.Equal(" a , b ", Detokenizer.None.Apply(" a , b "));
        Assert.Equal(Detokenizer.All.Length, Detokenizer.All.Select(each => each.Name).Distinct().Count());
    }
}
