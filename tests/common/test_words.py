"""Words by language in forms: one line each, nothing of other languages lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django import forms
from django.test import Client

from ideas.models import Stage
from products.models import Product
from tests.cast import Cast
from tests.support.test_pages import staff

SignIn = Callable[..., Client]


class ProductForm(forms.ModelForm[Product]):
    class Meta:
        model = Product
        fields = ("names", "descriptions")


def test_each_language_has_a_line_with_its_name() -> None:
    page = str(ProductForm(instance=Product(names={"en": "Mail", "pl": "Poczta"})))
    assert 'value="Mail"' in page
    assert 'value="Poczta"' in page
    assert "Polski" in page
    assert "{" not in page


@pytest.mark.django_db
def test_words_of_other_languages_stay_and_empty_ones_go() -> None:
    product = Product(code="mail", names={"en": "Mail", "de": "Post"}, descriptions={"en": "Old"})
    sent = {
        "names_en": "E-mail",
        "names_pl": " Poczta ",
        "descriptions_en": "",
        "descriptions_pl": "",
    }
    form = ProductForm(sent, instance=product)
    assert form.is_valid(), form.errors
    form.save()
    product.refresh_from_db()
    assert product.names == {"en": "E-mail", "pl": "Poczta", "de": "Post"}
    assert product.descriptions == {}


@pytest.mark.parametrize("english", ["", "   "])
def test_english_is_required(english: str) -> None:
    form = ProductForm({"names_en": english, "names_pl": "Poczta"}, instance=Product(code="mail"))
    assert not form.is_valid()
    assert "English" in str(form.errors["names"])


def test_a_product_manager_names_a_stage_without_writing_json(
    cast: Cast, site_tree: None, sign_in: SignIn
) -> None:
    stage = Stage.objects.filter(is_default=True).first() or Stage.objects.create(
        code="new", names={"en": "New"}, category="open", is_default=True
    )
    client = staff(sign_in(cast.pam))
    address = f"/admin/snippets/ideas/stage/edit/{stage.pk}/"
    page = client.get(address).text
    assert 'name="names_en"' in page
    sent = {
        "names_en": "Fresh",
        "names_pl": "Świeży",
        "descriptions_en": "",
        "descriptions_pl": "",
        "category": stage.category,
        "position": "0",
        "is_default": "on",
    }
    assert client.post(address, sent).status_code == 302
    stage.refresh_from_db()
    assert stage.names == {"en": "Fresh", "pl": "Świeży"}
