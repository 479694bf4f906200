//! What every way to make features must keep: a report alone has the row it has among others.

use super::{Bag, Block, Corpus, FeatureSpace, Imputation, Part, Recipe, Rows};

fn bags() -> Vec<Bag> {
    let bag = |forms: &[(Block, &str)], number: Option<f32>| {
        let mut terms: Vec<(String, u32)> = forms.iter().map(|(block, form)| (block.term(form), 1 + form.len() as u32 % 3)).collect();
        terms.sort();
        Bag {
            terms,
            numbers: number.into_iter().flat_map(|value| [("column a".to_string(), value), ("column b".to_string(), -value)]).collect(),
            patient: None,
        }
    };
    (0..24u32)
        .map(|row| {
            let own = format!("{}x", char::from(b'a' + (row % 24) as u8));
            let word = ["liver", "lung", "skin"][row as usize % 3];
            let pair = [(Block::Word, word), (Block::Character, "肝肺"), (Block::Character, &own), (Block::Word, "specimen")];
            bag(&pair, (row % 4 > 0).then_some(row as f32))
        })
        .collect()
}

fn space(recipe: &Recipe) -> (Corpus, FeatureSpace) {
    let corpus = Corpus::new(bags(), 2);
    let (labels, groups): (Vec<u32>, Vec<u32>) = ((0..24).map(|row| row % 3).collect(), (0..24).collect());
    let rows: Vec<usize> = (0..24).collect();
    let space = FeatureSpace::fit(&corpus, &Rows { rows: &rows, labels: &labels, classes: 3, groups: &groups }, recipe).unwrap();
    (corpus, space)
}

fn recipes() -> Vec<Recipe> {
    let latent = Recipe { latent: Some(3), ..Recipe::many(None) };
    vec![
        Recipe::few(5, 5),
        Recipe::many(None),
        Recipe::runs(),
        Recipe::phrases(),
        Recipe::views(),
        latent,
        Recipe { imputation: Imputation::Predicted, ..Recipe::many(None) },
    ]
}

#[test]
fn a_report_alone_has_the_row_it_has_among_others() {
    for recipe in recipes() {
        let (corpus, space) = space(&recipe);
        let rows: Vec<usize> = (0..24).collect();
        let together = space.matrix(&corpus, &rows);
        assert_eq!(together.cols(), space.columns(), "{}", recipe.name);
        for (row, bag) in bags().iter().enumerate() {
            let alone = space.of_bag(bag);
            let own = together.outer_view(row).unwrap();
            assert_eq!((own.indices(), own.data()), (alone.indices(), alone.data()), "{} {row}", recipe.name);
        }
    }
}

#[test]
fn rare_runs_share_buckets_and_stand_nowhere_by_name() {
    let (_, space) = space(&Recipe::phrases());
    assert!(space.terms.iter().all(|term| !term.ends_with('x')), "{:?}", space.terms);
    let bucket = space.source(Block::Character, "ax").unwrap();
    assert!(space.source_name(bucket).starts_with("rare:"));
    assert_eq!(space.source(Block::Character, "xyz"), None, "three characters have no bucket");
    assert_eq!(space.source(Block::Word, "ax"), None);
}

#[test]
fn each_view_has_its_own_columns_and_all_numbers() {
    let (_, space) = space(&Recipe::views());
    let views = space.views();
    let numbers = 2 * space.numbers.len();
    let [(all, all_forms), (short, short_forms)] = &views[..] else { panic!("two views, found {}", views.len()) };
    assert_eq!(all.len(), space.terms.len() + numbers);
    assert_eq!(*all_forms, space.terms.len());
    assert!(short[..*short_forms].iter().all(|column| space.terms.get(*column as usize).is_none_or(|term| term.starts_with("character:"))));
    assert_eq!(short.len() - short_forms, numbers);
    assert_eq!(short[short.len() - numbers - 1] as usize, space.columns() - numbers - 1, "buckets are in the narrow view");
}

#[test]
fn what_directions_contribute_goes_back_to_their_terms_whole() {
    let (_, space) = space(&Recipe { latent: Some(3), parts: vec![Part::new(vec![Block::Word], None)], ..Recipe::many(None) });
    let counts = vec![(0, 2), (2, 1)];
    let x = space.single(counts.clone(), &[]);
    let row: Vec<(u32, f32)> = x.indices().iter().copied().zip(x.data().iter().copied()).collect();
    let spoken: Vec<(u32, f32)> = row.iter().filter(|(column, _)| *column < 3).map(|(column, value)| (*column, value * (1.0 + *column as f32))).collect();
    let by_source = space.by_source(&counts, &row, spoken.clone());
    let (before, after): (f32, f32) = (spoken.iter().map(|(_, part)| part).sum(), by_source.iter().map(|(_, part)| part).sum());
    assert!((before - after).abs() < 1e-4, "{before} {after}");
    assert!(space.name(0).starts_with("latent:0 (word:"));
}

#[test]
fn a_missing_number_is_predicted_from_the_other() {
    let mut bags = bags();
    // b is −a wherever both are there; here b alone is missing.
    bags[5].numbers.retain(|(name, _)| name == "column a");
    let corpus = Corpus::new(bags, 2);
    let (labels, groups): (Vec<u32>, Vec<u32>) = ((0..24).map(|row| row % 3).collect(), (0..24).collect());
    let rows: Vec<usize> = (0..24).collect();
    let recipe = Recipe { imputation: Imputation::Predicted, ..Recipe::many(None) };
    let space = FeatureSpace::fit(&corpus, &Rows { rows: &rows, labels: &labels, classes: 3, groups: &groups }, &recipe).unwrap();
    let filled = space.single(Vec::new(), &[("column a".to_string(), 5.0)]);
    let (first, values) = (space.terms.len() as u32, &space.numbers);
    let at = |column: u32| filled.indices().iter().position(|own| *own == column).map(|place| filled.data()[place]).unwrap();
    let b = at(first + 2) * values[1].scale + values[1].center;
    // The ridge draws it a little towards the mean of −12.
    assert!((b + 5.0).abs() < 3.0, "{b}");
}
